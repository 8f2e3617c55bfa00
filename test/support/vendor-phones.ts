export { phoneOf, VENDORS, type Vendor } from '../../local/demo/phones';
